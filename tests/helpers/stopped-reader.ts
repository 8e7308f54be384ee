/**
 * A reader in a process of its own, which a test can stop: Bun may go on reading a socket that is paused, and what is
 * read lets the system's buffers grow until a whole answer fits in. Writes what comes to a file.
 *
 *     bun tests/helpers/stopped-reader.ts PORT HOST REQUEST FILE
 */
import { appendFileSync } from "node:fs";
import { connect } from "node:net";

const [port = "", host = "", request = "", file = ""] = process.argv.slice(2);
const socket = connect(Number(port), host);
socket.once("data", () => process.stdout.write("begun\n"));
socket.on("data", (chunk) => appendFileSync(file, chunk));
socket.on("error", () => process.exit());
socket.on("close", () => process.exit());
socket.write(request);
