/** The queries of the sample company's catalogue in MongoDB's words, by the name of their tool. */
type Stage = Record<string, unknown>;

const find = (collection: string, filter: Stage, ...fields: string[]) => ({
  collection,
  find: filter,
  projection: { _id: 0, ...Object.fromEntries(fields.map((field) => [field, 1])) },
});
const count = (collection: string, filter: Stage, name: string) => ({
  collection,
  aggregate: [
    { $match: filter },
    { $group: { _id: null, [name]: { $sum: 1 } } },
    { $project: { _id: 0, [name]: 1 } },
  ],
});

const QUERIES: Record<string, object> = {
  stock_by_city: find("stock", { product: ":product", city: ":city" }, "pieces"),
  stock_total: {
    collection: "stock",
    aggregate: [
      { $match: { product: ":product" } },
      { $group: { _id: null, pieces: { $sum: "$pieces" } } },
      { $project: { _id: 0, pieces: 1 } },
    ],
  },
  price_of: {
    collection: "stock",
    aggregate: [
      { $match: { product: ":product" } },
      { $group: { _id: "$unit_price" } },
      { $project: { _id: 0, unit_price: "$_id" } },
    ],
  },
  order_status: find("orders", { number: ":order_number" }, "number", "quantity", "product", "status"),
  orders_in_period: count("orders", { ordered_on: { $gte: ":from_day", $lte: ":to_day" } }, "orders"),
  orders_by_status: count("orders", { status: ":status", city: ":city" }, "orders"),
  ticket: find("tickets", { id: ":ticket" }, "id", "title", "state", "assignee"),
  tickets_by_state: count("tickets", { state: ":state", priority: ":priority" }, "tickets"),
  person: find("people", { name: ":person" }, "name", "phone", "email", "department"),
  department_size: count("people", { department: ":department" }, "people"),
  leave_left: find("people", { email: ":email" }, "leave_left"),
};

/** @throws for a tool that has no query here */
export function mongoQuery(tool: string): string {
  const query = QUERIES[tool];
  if (!query) throw new Error(`${tool} has no query for MongoDB`);
  return JSON.stringify(query);
}
