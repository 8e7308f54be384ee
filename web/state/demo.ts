import { address } from "../api/client.ts";
import { getWidget } from "../api/widget.ts";
import { useResource } from "./resource.ts";
import { tenantId } from "./session.ts";

/** Address of the demo page with the current tenant's widget on it. */
export function useDemoAddress(): string {
  const { value } = useResource(`demo/${tenantId.value}`, getWidget);
  return demoAddress(value?.embedKey);
}

export function demoAddress(embedKey: string | undefined): string {
  return address(embedKey ? `/demo?key=${encodeURIComponent(embedKey)}` : "/demo");
}
