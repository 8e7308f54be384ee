import { Code, Cpu, House, type IconNode, LibraryBig, MessagesSquare, Target } from "lucide";

export type PageEntry = { path: string; label: string; icon: IconNode; group: string | null };

/** What the rail, the tab bar and the palette list, grouped by what a person is doing. */
export const PAGES: PageEntry[] = [
  { path: "", label: "Home", icon: House, group: null },
  { path: "conversations", label: "Conversations", icon: MessagesSquare, group: "Converse" },
  { path: "knowledge", label: "Knowledge", icon: LibraryBig, group: "Know" },
  { path: "widget", label: "Widget", icon: Code, group: "Reach" },
  { path: "quality", label: "Quality", icon: Target, group: "Understand" },
  { path: "model", label: "Model", icon: Cpu, group: "Run" },
];
