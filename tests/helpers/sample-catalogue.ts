/** What an admin of the sample company would let people ask, in PostgreSQL's and MariaDB's words. */
import type { CatalogueTool, ToolParameter } from "../../src/domain/tool.ts";
import { aCatalogueTool, aParameter } from "./catalogue-tools.ts";
import { CITIES, DEPARTMENTS, ORDER_STATES, PRIORITIES, PRODUCTS, TICKET_STATES } from "./sample-company.ts";

export type SampleTool = Pick<
  CatalogueTool,
  "name" | "label" | "description" | "parameters" | "answerTemplate" | "emptyTemplate" | "exampleQuestions"
> & { query: string };

const choice = (name: string, values: readonly string[], given: Partial<ToolParameter> = {}) =>
  aParameter(name, { type: "enum", values: [...values], ...given });
const product = choice("product", PRODUCTS, { description: "Product" });
const city = choice("city", CITIES, { description: "City" });
const person = aParameter("person", { description: "Name of the person", example: "Anna Schmidt" });

export const SAMPLE_TOOLS: SampleTool[] = [
  {
    name: "stock_by_city",
    label: "Stock in a city",
    description: "How many pieces of a product are in stock in one city.",
    parameters: [product, city],
    query: "select pieces from stock where product = :product and city = :city",
    answerTemplate: "There are {pieces} pieces of {product} in {city}.",
    emptyTemplate: null,
    exampleQuestions: ["How many laptops are in stock in Berlin?", "Do we have headsets in Hamburg?"],
  },
  {
    name: "stock_total",
    label: "Stock in all cities together",
    description: "How many pieces of a product there are in total.",
    parameters: [product],
    query: "select sum(pieces) as pieces from stock where product = :product",
    answerTemplate: "There are {pieces} pieces of {product} in all cities together.",
    emptyTemplate: null,
    exampleQuestions: ["How many laptops do we have in total?", "How many monitors are there in all cities?"],
  },
  {
    name: "price_of",
    label: "Price of a product",
    description: "What one piece costs.",
    parameters: [product],
    query: "select distinct unit_price from stock where product = :product",
    answerTemplate: "One {product} costs {unit_price} €.",
    emptyTemplate: null,
    exampleQuestions: ["How much is a laptop?", "What does a monitor cost?"],
  },
  {
    name: "order_status",
    label: "Status of an order",
    description: "Where an order is, what was ordered and when it arrives.",
    parameters: [
      aParameter("order_number", {
        type: "integer",
        min: 100_001,
        max: 999_999,
        description: "Order number",
      }),
    ],
    query: "select number, quantity, product, status from orders where number = :order_number",
    answerTemplate: "Order {number} ({quantity} × {product}) is {status}.",
    emptyTemplate: "There is no order {order_number}.",
    exampleQuestions: ["Where is order 104711?", "What is the status of order 104711?"],
  },
  {
    name: "orders_in_period",
    label: "Orders in a period",
    description: "How many orders came in between two days.",
    parameters: [
      aParameter("from_day", { type: "date", description: "First day" }),
      aParameter("to_day", { type: "date", description: "Last day" }),
    ],
    query: "select count(*) as orders from orders where ordered_on between :from_day and :to_day",
    answerTemplate: "There were {orders} orders from {from_day} to {to_day}.",
    emptyTemplate: null,
    exampleQuestions: [
      "How many orders were there in March 2026?",
      "How many orders came in between 1 March 2026 and 5 March 2026?",
    ],
  },
  {
    name: "orders_by_status",
    label: "Orders of a city by status",
    description: "How many orders of one city are open, shipped, delivered or cancelled.",
    parameters: [choice("status", ORDER_STATES, { description: "Status" }), city],
    query: "select count(*) as orders from orders where status = :status and city = :city",
    answerTemplate: "{orders} orders of {city} are {status}.",
    emptyTemplate: null,
    exampleQuestions: ["How many orders are open in Berlin?", "How many cancelled orders does Hamburg have?"],
  },
  {
    name: "ticket",
    label: "A ticket of the help desk",
    description: "What a ticket is about, its state and who works on it.",
    parameters: [
      aParameter("ticket", {
        pattern: "INC-\\d{5}",
        example: "INC-10001",
        description: "Number of the ticket",
      }),
    ],
    query: "select id, title, state, assignee from tickets where id = :ticket",
    answerTemplate: "{id} ({title}) is {state}; {assignee} works on it.",
    emptyTemplate: "There is no ticket {ticket}.",
    exampleQuestions: [
      "What is the state of ticket INC-10001?",
      "Who works on INC-10001?",
      "Is INC-10001 closed?",
    ],
  },
  {
    name: "tickets_by_state",
    label: "Number of tickets by state and priority",
    description: "How many tickets there are.",
    parameters: [
      choice("state", TICKET_STATES, { description: "State" }),
      choice("priority", PRIORITIES, { description: "Priority" }),
    ],
    query: "select count(*) as tickets from tickets where state = :state and priority = :priority",
    answerTemplate: "{tickets} tickets of priority {priority} are {state}.",
    emptyTemplate: null,
    exampleQuestions: ["How many urgent tickets are open?", "How many tickets with low priority are closed?"],
  },
  {
    name: "person",
    label: "How to reach a colleague",
    description: "Phone number, e-mail address and department of a colleague.",
    parameters: [person],
    query: "select name, phone, email, department from people where name = :person",
    answerTemplate: "{name} ({department}): {phone}, {email}",
    emptyTemplate: "There is nobody called {person}.",
    exampleQuestions: [
      "What is the phone number of Anna Schmidt?",
      "Which department does Anna Schmidt work in?",
      "E-mail of Anna Schmidt",
    ],
  },
  {
    name: "department_size",
    label: "People in a department",
    description: "How many people work in a department.",
    parameters: [choice("department", DEPARTMENTS, { description: "Department" })],
    query: "select count(*) as people from people where department = :department",
    answerTemplate: "{people} people work in {department}.",
    emptyTemplate: null,
    exampleQuestions: ["How many people work in Sales?", "How big is the Engineering department?"],
  },
  {
    name: "leave_left",
    label: "Days of leave left",
    description: "The days of leave that the one who asks has left.",
    parameters: [aParameter("email", { boundTo: "visitor.email" })],
    query: "select leave_left from people where email = :email",
    answerTemplate: "You have {leave_left} days of leave left.",
    emptyTemplate: null,
    exampleQuestions: ["How many days of leave have I left?", "How much vacation do I have left?"],
  },
];

/** As the catalogue has them, for what needs no database. */
export function sampleCatalogue(): CatalogueTool[] {
  return SAMPLE_TOOLS.map(({ query: _query, ...tool }) => aCatalogueTool(tool));
}
