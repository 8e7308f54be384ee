/** localStorage where there is one: some browsers forbid it, and then a choice lasts as long as the page. */

const memory = new Map<string, string>();

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`parley.${key}`);
  } catch {
    return memory.get(key) ?? null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(`parley.${key}`, value);
  } catch {
    memory.set(key, value);
  }
}
