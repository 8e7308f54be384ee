/**
 * A company whose databases can be asked: people, stock, orders and tickets, 100,000 rows, the same ones at every start.
 * Nothing in it is anybody's.
 */

export type Person = {
  id: number;
  name: string;
  email: string;
  department: string;
  city: string;
  phone: string;
  manager_id: number | null;
  /** Days, halves too, as a database has them. */
  leave_left: string;
  hired_on: string;
};
export type StockRow = { product: string; city: string; pieces: number; unit_price: string };
export type Order = {
  number: number;
  product: string;
  quantity: number;
  city: string;
  status: (typeof ORDER_STATES)[number];
  customer: string;
  total: string;
  ordered_on: string;
  expected_on: string | null;
};
export type Ticket = {
  id: string;
  title: string;
  state: (typeof TICKET_STATES)[number];
  priority: (typeof PRIORITIES)[number];
  assignee: string;
  opened_at: string;
};
export type SampleCompany = { people: Person[]; stock: StockRow[]; orders: Order[]; tickets: Ticket[] };

export const PRODUCTS = [
  ...[
    "Laptop",
    "Monitor",
    "Docking station",
    "Headset",
    "Keyboard",
    "Mouse",
    "Office chair",
    "Standing desk",
  ],
  ...["Phone", "Tablet", "Printer", "Webcam"],
];
export const CITIES = ["Berlin", "Hamburg", "Munich", "Vienna", "Zurich", "Paris", "Madrid", "New York"];
export const DEPARTMENTS = ["Sales", "Engineering", "Support", "Finance", "Legal", "HR", "IT", "Logistics"];
export const ORDER_STATES = ["open", "shipped", "delivered", "cancelled"] as const;
export const TICKET_STATES = ["open", "waiting", "closed"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;

const FIRST_NAMES =
  `Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Karla Luis Mara Nils Olga Paula Quentin Rosa
  Samir Tilda Uwe Vera Wanda Xenia Yusuf Zoe`.split(/\s+/);
const LAST_NAMES =
  `Schmidt Keller Novak Dubois Rossi Garcia Lindqvist Okafor Tanaka Moreau Petrov Silva Haddad Berger
  Costa Weiss Brandt Kowalski Larsen Vogel Yilmaz Zeller`.split(/\s+/);
const CUSTOMERS = [
  "Acme",
  "Globex",
  "Initech",
  "Umbra",
  "Hooli",
  "Stark Tools",
  "Wayne Foods",
  "O'Neill & Sons",
];
const SUBJECTS = [
  "does not start",
  "is slow",
  "needs a password",
  "was lost",
  "shows an error",
  "makes a noise",
];

const PEOPLE = 2_000;
const ORDERS = 60_000;
const ROWS = 100_000;
const FIRST_ORDER = 100_001;
const FIRST_TICKET = 10_001;
/** Orders and tickets end here, so that "last month" of a test is one that has some. */
const LAST_DAY = Date.UTC(2026, 9, 31);
const DAY_MS = 86_400_000;

export function sampleCompany(): SampleCompany {
  const random = randomFrom(20_261_127);
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const dayBefore = (most: number) => LAST_DAY - Math.floor(random() * most) * DAY_MS;
  const people = Array.from({ length: PEOPLE }, (_, place): Person => {
    const name = `${FIRST_NAMES[place % FIRST_NAMES.length]} ${LAST_NAMES[Math.floor(place / FIRST_NAMES.length) % LAST_NAMES.length]}`;
    // Names come round again after 572 people.
    const again = Math.floor(place / (FIRST_NAMES.length * LAST_NAMES.length));
    const full = again === 0 ? name : `${name} ${"I".repeat(again + 1)}`;
    return {
      ...{ id: place + 1, name: full, email: `${full.toLowerCase().replaceAll(" ", ".")}@sample.example` },
      ...{ department: pick(DEPARTMENTS), city: pick(CITIES), phone: `+49 30 555 ${String(1000 + place)}` },
      ...{ manager_id: place === 0 ? null : Math.floor(random() * Math.min(place, 50)) + 1 },
      ...{ leave_left: (Math.floor(random() * 61) / 2).toFixed(1), hired_on: isoDay(dayBefore(6_000)) },
    };
  });
  const stock = PRODUCTS.flatMap((product, kind) =>
    CITIES.map((city): StockRow => {
      const pieces = random() < 0.1 ? 0 : Math.floor(random() * 200) + 1;
      return { product, city, pieces, unit_price: (49.9 + kind * 83.25).toFixed(2) };
    }),
  );
  const priceOf = new Map(stock.map(({ product, unit_price }) => [product, Number(unit_price)]));
  const orders = Array.from({ length: ORDERS }, (_, place): Order => {
    const [product, quantity] = [pick(PRODUCTS), Math.floor(random() * 12) + 1];
    const [status, ordered] = [pick(ORDER_STATES), dayBefore(700)];
    const isComing = status === "open" || status === "shipped";
    return {
      ...{
        number: FIRST_ORDER + place,
        product,
        quantity,
        city: pick(CITIES),
        status,
        customer: pick(CUSTOMERS),
      },
      ...{ total: ((priceOf.get(product) ?? 0) * quantity).toFixed(2), ordered_on: isoDay(ordered) },
      expected_on: isComing ? isoDay(ordered + (Math.floor(random() * 20) + 3) * DAY_MS) : null,
    };
  });
  const tickets = Array.from(
    { length: ROWS - PEOPLE - ORDERS - stock.length },
    (_, place): Ticket => ({
      ...{ id: `INC-${FIRST_TICKET + place}`, title: `${pick(PRODUCTS)} ${pick(SUBJECTS)}` },
      ...{ state: pick(TICKET_STATES), priority: pick(PRIORITIES), assignee: (pick(people) as Person).name },
      opened_at: new Date(dayBefore(400) + Math.floor(random() * DAY_MS)).toISOString(),
    }),
  );
  return { people, stock, orders, tickets };
}

/** Tables in the words that PostgreSQL and MariaDB share. */
export const SAMPLE_TABLES = [
  `create table people (id integer primary key, name varchar(100) not null, email varchar(200) not null,
    department varchar(50) not null, city varchar(50) not null, phone varchar(50) not null, manager_id integer,
    leave_left decimal(5, 1) not null, hired_on date not null)`,
  `create table stock (product varchar(50) not null, city varchar(50) not null, pieces integer not null,
    unit_price decimal(12, 2) not null, primary key (product, city))`,
  `create table orders (number integer primary key, product varchar(50) not null, quantity integer not null,
    city varchar(50) not null, status varchar(20) not null, customer varchar(100) not null,
    total decimal(14, 2) not null, ordered_on date not null, expected_on date)`,
  `create table tickets (id varchar(20) primary key, title varchar(200) not null, state varchar(20) not null,
    priority varchar(20) not null, assignee varchar(100) not null, opened_at timestamp not null)`,
];

/** Mulberry32: the same numbers on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
