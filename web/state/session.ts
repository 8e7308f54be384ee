import { computed, signal } from "@preact/signals";
import type { Me, SetupState } from "../../src/protocol/admin-api/access.ts";
import * as access from "../api/access.ts";
import { type ApiError, asApiError, connectClient } from "../api/client.ts";
import { readStored, writeStored } from "./stored.ts";

/** Who is in front of the screen, and what they may see. */
export type Session =
  | { state: "starting" }
  | { state: "unreachable"; error: ApiError }
  | { state: "setup"; requiresToken: boolean }
  | { state: "signed-out" }
  | { state: "signed-in"; me: Me };

export const session = signal<Session>({ state: "starting" });
export const me = computed(() => (session.value.state === "signed-in" ? session.value.me : null));

/** Of this whole Parley, whatever the tenant. */
export const isOperator = computed(() => me.value?.user.operator ?? false);

const chosenTenant = signal(readStored("tenant"));

/** The membership every admin call is made for; null before sign-in or without any. */
export const membership = computed(() => {
  const memberships = me.value?.memberships ?? [];
  return memberships.find((each) => each.tenant.id === chosenTenant.value) ?? memberships[0] ?? null;
});
/** What the person may do in this tenant, beside reading. */
export const mayChange = computed(() => ["owner", "admin"].includes(membership.value?.role ?? ""));
export const mayMark = computed(() => mayChange.value || membership.value?.role === "agent");
export const tenant = computed(() => membership.value?.tenant ?? null);
export const tenantId = computed(() => tenant.value?.id ?? "");

connectClient({
  tenant: () => tenantId.peek() || null,
  onUnauthenticated: () => {
    if (session.peek().state === "signed-in") session.value = { state: "signed-out" };
  },
  onSetupRequired: () => {
    if (session.peek().state === "signed-in") void startSession();
  },
});

/** Set when the page was opened at an address that Parley does not know, and would refuse what is typed in. */
export const unknownAddress = signal<NonNullable<SetupState["unknownAddress"]> | null>(null);

/** Finds out whether Parley is set up and whether this browser is signed in. Never throws. */
export async function startSession(): Promise<void> {
  try {
    const setup = await access.getSetupState();
    unknownAddress.value = setup.unknownAddress ?? null;
    if (!setup.initialised) {
      session.value = { state: "setup", requiresToken: setup.requiresToken };
      return;
    }
    session.value = { state: "signed-in", me: await access.getMe() };
  } catch (thrown) {
    const error = asApiError(thrown);
    session.value = error.status === 401 ? { state: "signed-out" } : { state: "unreachable", error };
  }
}

export function enter(as: Me): void {
  session.value = { state: "signed-in", me: as };
}

export async function leave(): Promise<void> {
  await access.signOut();
  session.value = { state: "signed-out" };
}

/** Reads memberships again, after a tenant was made or renamed. */
export async function refreshMe(): Promise<void> {
  session.value = { state: "signed-in", me: await access.getMe() };
}

export function chooseTenant(id: string): void {
  chosenTenant.value = id;
  writeStored("tenant", id);
}
