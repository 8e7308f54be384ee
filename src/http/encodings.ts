/** What a client may be sent compressed. */

export type ContentEncoding = "br" | "gzip";

/** Best first: over plain HTTP off loopback no browser takes `br`. */
const PREFERRED: readonly ContentEncoding[] = ["br", "gzip"];

/** Those of `offered` that the header accepts, best first. `*` counts for what is not named, `q=0` refuses. RFC 9110 §12.5.3 */
export function acceptedEncodings(
  header: string | undefined,
  offered: readonly ContentEncoding[] = PREFERRED,
): ContentEncoding[] {
  const weights = new Map<string, number>();
  for (const entry of (header ?? "").split(",")) {
    const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const accepts = (name: string) => (weights.get(name) ?? weights.get("*") ?? 0) > 0;
  return PREFERRED.filter((encoding) => offered.includes(encoding) && accepts(encoding));
}
