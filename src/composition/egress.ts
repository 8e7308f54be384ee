/** The one way out, with the operator's list as the settings and the store have it. */
import type { Config } from "../config.ts";
import type { Deps, OutboundAddresses } from "../deps.ts";
import { besidesTheUsual } from "../egress/certificates.ts";
import { createEgress, type Egress } from "../egress/egress.ts";
import { createOperatorList, type OperatorList } from "../egress/kept-list.ts";
import { createLedger, type Ledger } from "../egress/ledger.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
import { VENDOR_HOSTS } from "../providers/catalog.ts";

export type WayOut = {
  egress: Egress;
  egressList: OperatorList;
  egressLedger: Ledger;
  outbound: OutboundAddresses;
};

type EgressDeps = Pick<Deps, "store" | "log" | "now"> & {
  config: Config;
  /** Where Parley listens, known late: it never calls itself. */
  ownPort: () => number;
  ownHosts: () => ReadonlySet<string>;
};

export async function openEgress({
  config,
  store,
  log,
  now,
  ownPort,
  ownHosts,
}: EgressDeps): Promise<WayOut> {
  const egressList = createOperatorList(config.egressAllow, await store.egress.allowed());
  const ledger = createLedger({ write: (uses) => store.egress.record(uses), now, log });
  const egress = createEgress({
    ...{ log, ledger },
    offline: config.offline,
    restricted: config.restrictEgress,
    allow: egressList.entries,
    proxy: config.egressProxy,
    ca: config.egressCa.length > 0 ? besidesTheUsual(config.egressCa) : null,
    vendorHosts: VENDOR_HOSTS,
    ownAddresses: () => [...ownHosts()].map((host) => ({ host, port: ownPort() })),
  });
  return { egress, egressList, egressLedger: ledger, outbound: outboundAddresses(egress) };
}

function outboundAddresses(egress: Pick<Egress, "refusal">): OutboundAddresses {
  return {
    requireSafe(address) {
      const refused = egress.refusal({ purpose: "tool", baseUrl: parseOutboundUrl(address), tenantId: null });
      if (refused?.code === "UNSAFE_URL") throw refused;
    },
  };
}
