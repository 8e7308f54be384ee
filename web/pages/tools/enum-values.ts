/** Values of an enum as one line of text: `110 = Berlin, 120 = Hamburg, other`. */
import type { ToolParameter } from "../../api/tools.ts";

type Values = ToolParameter["values"];

/** While one types, the comma at the end is the beginning of the next, and a value whose label is to come has none. */
export function valuesOf(text: string): Values {
  return text.split(",").map((each, at) => {
    const value = at === 0 ? each.trimStart() : each.replace(/^ /, "");
    const [, own = "", label = ""] = /^(.*?) = (.+)$/.exec(value) ?? [];
    return label === "" ? value : { value: own, label };
  });
}

export function textOfValues(values: Values): string {
  return values.map((each) => (typeof each === "string" ? each : `${each.value} = ${each.label}`)).join(", ");
}
