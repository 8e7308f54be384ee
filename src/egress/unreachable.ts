/** Why a host could not be called, in words for whoever wrote its address down. */
import { ProxyFailure } from "./proxy.ts";

export function unreachable(host: string, thrown: unknown): string {
  if (thrown instanceof ProxyFailure) return thrown.message;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (/CERT|SELF_SIGNED|ERR_TLS|SSL|VERIFY/.test(code))
    return `The certificate of ${host} is not trusted (${code}). An operator names the authority that issued it with --egress-ca.`;
  if (/ENOTFOUND|EAI_AGAIN|DNS/.test(code))
    return `The name ${host} has no address on this network. Check the address, or the name server.`;
  return `${host} cannot be reached. Try again later.`;
}
