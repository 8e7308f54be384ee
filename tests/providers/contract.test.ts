import { providerContract } from "../helpers/provider-contract.ts";
import { PROTOCOLS } from "../helpers/wire-protocols.ts";

for (const protocol of PROTOCOLS) providerContract(protocol);
