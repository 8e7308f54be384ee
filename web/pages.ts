import {
  ArrowLeftRight,
  ChartColumn,
  Code,
  Cpu,
  Database,
  House,
  type IconNode,
  IdCard,
  KeyRound,
  KeySquare,
  LibraryBig,
  ListOrdered,
  MessagesSquare,
  Target,
  TextSearch,
  Waypoints,
  Wrench,
} from "lucide";

export type PageEntry = {
  path: string;
  label: string;
  icon: IconNode;
  /** Heading above it in the rail; null stays under the one before. */
  group: string | null;
  /** About the whole installation: nobody else gets to see it. */
  operator?: true;
  /** Where the bar of a phone has no room for all, it is behind "More". */
  seldom?: true;
};

/** What the rail, the tab bar and the palette list, grouped by what a person is doing. */
const PAGES: PageEntry[] = [
  { path: "", label: "Home", icon: House, group: null },
  { path: "conversations", label: "Conversations", icon: MessagesSquare, group: "Converse" },
  { path: "knowledge", label: "Knowledge", icon: LibraryBig, group: "Know" },
  { path: "synonyms", label: "Synonyms", icon: ArrowLeftRight, group: null, seldom: true },
  { path: "connections", label: "Connections", icon: Database, group: null, seldom: true },
  { path: "tools", label: "Tools", icon: Wrench, group: null, seldom: true },
  { path: "credentials", label: "Credentials", icon: KeyRound, group: null, seldom: true },
  { path: "models", label: "Search models", icon: TextSearch, group: null, operator: true, seldom: true },
  { path: "widget", label: "Widget", icon: Code, group: "Reach" },
  { path: "identity", label: "Identity", icon: IdCard, group: null, seldom: true },
  { path: "api-keys", label: "API keys", icon: KeySquare, group: null, seldom: true },
  { path: "quality", label: "Quality", icon: Target, group: "Understand" },
  { path: "usage", label: "Usage", icon: ChartColumn, group: null, seldom: true },
  { path: "model", label: "Model", icon: Cpu, group: "Run", seldom: true },
  { path: "language-models", label: "Language models", icon: ListOrdered, group: null, seldom: true },
  { path: "egress", label: "Egress", icon: Waypoints, group: null, operator: true, seldom: true },
];

export function pagesFor(isOperator: boolean): PageEntry[] {
  return PAGES.filter(({ operator }) => !operator || isOperator);
}
