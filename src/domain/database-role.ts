/** The commands with which whoever runs a database makes a role that can only read, ready to be copied. */
import type { DatabaseKind } from "./connection.ts";

export type NewRole = {
  type: DatabaseKind;
  database: string;
  username: string;
  password: string;
  /** Whose tables it reads; a MySQL or MongoDB database is one schema. */
  schemas: readonly string[];
};

export function roleCommands(role: NewRole): string {
  return COMMANDS[role.type](role).join("\n");
}

const COMMANDS: Record<DatabaseKind, (role: NewRole) => string[]> = {
  postgres: ({ database, username, password, schemas }) => {
    const role = identifier(username);
    return [
      `CREATE ROLE ${role} LOGIN PASSWORD ${literal(password)} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
      `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
      `GRANT CONNECT ON DATABASE ${identifier(database)} TO ${role};`,
      ...schemas.flatMap((schema) => [
        `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${role};`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${identifier(schema)} TO ${role};`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA ${identifier(schema)} GRANT SELECT ON TABLES TO ${role};`,
      ]),
      "-- Only before PostgreSQL 15, where everybody may make tables in the schema public:",
      "-- REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
    ];
  },

  mysql: ({ database, username, password }) => {
    const user = `${mysqlText(username)}@'%'`;
    return [
      `CREATE USER ${user} IDENTIFIED BY ${mysqlText(password)};`,
      `GRANT SELECT, SHOW VIEW ON \`${database.replaceAll("`", "``")}\`.* TO ${user};`,
    ];
  },

  mongodb: ({ database, username, password }) => [
    'db.getSiblingDB("admin").createUser({',
    `  user: ${JSON.stringify(username)},`,
    `  pwd: ${JSON.stringify(password)},`,
    `  roles: [{ role: "read", db: ${JSON.stringify(database)} }],`,
    "});",
  ],
};

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function mysqlText(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
