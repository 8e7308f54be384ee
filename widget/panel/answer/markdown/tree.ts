/** An answer as a tree that holds nothing but text and a closed set of shapes. */

export type Inline =
  | { type: "text"; text: string }
  /** `[2]` or `[1, 4]` as written; whether it is a citation depends on what the server retrieved. */
  | { type: "citation"; numbers: number[]; raw: string }
  | { type: "strong" | "em" | "del"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "break" }
  | { type: "image" }
  /** `href` as written: whether it may be a link is decided where it is shown. */
  | { type: "link"; href: string; children: Inline[] };

export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "heading"; level: number; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "quote"; blocks: Block[] }
  /** `tasks` says of each item whether it is done, null for one that is no task. */
  | { type: "list"; ordered: boolean; start: number; items: Block[][]; tasks: (boolean | null)[] }
  | { type: "table"; align: (string | null)[]; head: Inline[][]; rows: Inline[][][] }
  | { type: "rule" };
