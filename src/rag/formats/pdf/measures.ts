export function middleOf({ x, right }: { x: number; right: number }): number {
  return (x + right) / 2;
}

/** 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
