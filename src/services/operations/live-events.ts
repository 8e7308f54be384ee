import type { LiveEvent, LiveEvents, Log } from "../../deps.ts";

/** Live events among the sockets of this process. A listener that throws is logged and harms nobody else. */
export function createLiveEvents(log: Log): LiveEvents {
  const listeners = new Map<string, Set<(event: LiveEvent) => void>>();
  return {
    publish(event) {
      for (const listener of listeners.get(event.tenantId) ?? []) {
        try {
          listener(event);
        } catch (cause) {
          log.error("live-listener-failed", { cause });
        }
      }
    },
    subscribe(tenantId, listener) {
      const ofTenant = listeners.get(tenantId) ?? new Set();
      listeners.set(tenantId, ofTenant.add(listener));
      return () => {
        ofTenant.delete(listener);
        if (ofTenant.size === 0) listeners.delete(tenantId);
      };
    },
  };
}
