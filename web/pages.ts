import { House, type IconNode, LibraryBig } from "lucide";

export type PageEntry = { path: string; label: string; icon: IconNode; group: string | null };

/** What the rail, the tab bar and the palette list, grouped by what a person is doing. */
export const PAGES: PageEntry[] = [
  { path: "", label: "Home", icon: House, group: null },
  { path: "knowledge", label: "Knowledge", icon: LibraryBig, group: "Know" },
];
