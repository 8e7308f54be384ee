/** A parser child that goes wrong in the way its argument names, whatever it is given. */
const behaviour = process.argv[2];
const held: Uint8Array[] = [];

process.on("message", () => {
  if (behaviour === "crash") process.exit(3);
  if (behaviour === "spin") for (;;) Math.random();
  if (behaviour === "grow") setInterval(() => held.push(new Uint8Array(16 * 1024 * 1024).fill(1)), 5);
});
process.once("disconnect", () => process.exit(0));
process.send?.({ type: "ready" });
