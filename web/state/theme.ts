import { effect, signal } from "@preact/signals";
import { readStored, writeStored } from "./stored.ts";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((name) => name === readStored("theme")) ?? "system");

export function startTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const systemIsDark = signal(dark.matches);
  dark.addEventListener("change", () => {
    systemIsDark.value = dark.matches;
  });
  const printing = signal(false);
  addEventListener("beforeprint", () => {
    printing.value = true;
  });
  addEventListener("afterprint", () => {
    printing.value = false;
  });
  effect(() => {
    // Paper is white, and browsers leave backgrounds out.
    if (printing.value) {
      document.documentElement.dataset.theme = "light";
      return;
    }
    const isDark = theme.value === "dark" || (theme.value === "system" && systemIsDark.value);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  });
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  writeStored("theme", chosen);
}
