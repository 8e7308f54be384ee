import { describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { AppError } from "../../src/errors.ts";
import { type AnswerPlace, createAnswerPlaces } from "../../src/services/chat/answer-places.ts";
import type { Holder } from "../../src/services/chat/shares.ts";
import { rejection } from "../helpers/rejection.ts";

const never = new AbortController().signal;
const aTenant = () => newId("tenant");
let questions = 0;
/** A question that no other one is. */
const aQuestion = () => `question ${++questions}`;
const visitorOf = (tenantId: Holder["tenantId"]): Holder => ({ tenantId, sessionId: newId("chat-session") });

/** Places, and which questions have one, by name in the order in which they got it. */
function placesFor(most: number) {
  const places = createAnswerPlaces(most);
  const begun: string[] = [];
  const held = new Map<string, AnswerPlace>();
  return {
    begun,
    places,
    ask(name: string, holder: Holder): void {
      const place = places.admit(holder, aQuestion());
      held.set(name, place);
      place.enter(never).then(
        () => begun.push(name),
        // The test is over by then.
        () => {},
      );
    },
    async end(...names: string[]): Promise<void> {
      for (const name of names) held.get(name)?.leave();
      await settled();
    },
    async settled(): Promise<string[]> {
      await settled();
      return begun;
    },
    refusal(holder: Holder): AppError | null {
      try {
        places.admit(holder, aQuestion()).leave();
        return null;
      } catch (thrown) {
        return thrown as AppError;
      }
    },
  };
}

/** Whatever was decided has been heard of. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("places for answers", () => {
  test("are as many as the setting says for one tenant that has Parley for itself", async () => {
    const tenant = aTenant();
    const { ask, settled } = placesFor(1_500);

    for (let n = 0; n < 1_501; n++) ask(`${n}`, visitorOf(tenant));

    expect(await settled()).toHaveLength(1_500);
  });

  test("are there for another tenant's first question, however many one tenant has taken and waits for", async () => {
    for (const most of [1, 4, 1_500]) {
      const [slow, quick] = [aTenant(), aTenant()];
      const { ask, settled, begun } = placesFor(most);
      for (let n = 0; n < most * 2; n++) ask(`slow ${n}`, visitorOf(slow));
      expect(await settled()).toHaveLength(most);

      ask("quick", visitorOf(quick));

      await settled();
      expect(begun.at(-1)).toBe("quick");
    }
  });

  test("are left for a visitor's first question by visitors who ask two hundred at once", async () => {
    const tenant = aTenant();
    const [greedy, greedier] = [visitorOf(tenant), visitorOf(tenant)];
    const { ask, settled, begun } = placesFor(200);
    for (let n = 0; n < 130; n++) {
      ask(`greedy ${n}`, greedy);
      ask(`greedier ${n}`, greedier);
    }
    expect((await settled()).length).toBeLessThan(150);

    ask("first", visitorOf(tenant));

    await settled();
    expect(begun.at(-1)).toBe("first");
  });

  test("go round the tenants, and in each of them round its visitors", async () => {
    const [large, small] = [aTenant(), aTenant()];
    const [busy, calm, other] = [visitorOf(large), visitorOf(large), visitorOf(small)];
    const { ask, end, settled, begun } = placesFor(6);
    for (let n = 0; n < 6; n++) ask(`large ${n}`, visitorOf(large));
    for (let n = 0; n < 2; n++) ask(`small ${n}`, visitorOf(small));
    expect(await settled()).toHaveLength(8);

    for (const name of ["busy 1", "busy 2"]) ask(name, busy);
    ask("calm", calm);
    for (const name of ["other 1", "other 2"]) ask(name, other);
    for (let n = 0; n < 10 && begun.length < 13; n++) await end(...begun);

    const place = (name: string) => begun.indexOf(name);
    expect(place("calm")).toBeLessThan(place("busy 2"));
    expect(place("other 1")).toBeLessThan(place("busy 2"));
    expect(place("busy 1")).toBeLessThan(place("busy 2"));
    expect(place("other 1")).toBeLessThan(place("other 2"));
    expect(begun).toHaveLength(13);
  });

  test("are shared by a question that comes again, and free once all of them have left", async () => {
    const tenant = aTenant();
    const { places, ask, settled } = placesFor(1);
    const holder = visitorOf(tenant);
    const [first, again] = [places.admit(holder, "the same"), places.admit(holder, "the same")];
    await first.enter(never);
    expect(places.countFor(holder.sessionId)).toBe(1);

    ask("next", visitorOf(tenant));
    again.leave();
    again.leave();
    expect(await settled()).toEqual([]);
    expect(places.isAdmitted("the same")).toBe(true);
    first.leave();

    expect(await settled()).toEqual(["next"]);
    expect(places.isAdmitted("the same")).toBe(false);
  });

  test("are waited for by as many as may have one, and the next is refused with when to try again", () => {
    const [tenant, quiet] = [aTenant(), aTenant()];
    const { ask, refusal } = placesFor(5);
    for (let n = 0; n < 10; n++) ask(`${n}`, visitorOf(tenant));

    expect(refusal(visitorOf(tenant))).toMatchObject({ code: "OVERLOADED", retryAfterMs: 5_000 });
    expect(refusal(visitorOf(quiet))).toBeNull();
  });

  test("are not given to a question that is stopped while it waits", async () => {
    const tenant = aTenant();
    const { ask, end, settled, places, begun } = placesFor(1);
    ask("first", visitorOf(tenant));
    const stop = new AbortController();
    const stopped = places.admit(visitorOf(tenant), aQuestion());
    const waiting = rejection(stopped.enter(stop.signal));

    stop.abort(new Error("stopped"));
    expect(await waiting).toMatchObject({ message: "stopped" });
    stopped.leave();
    ask("third", visitorOf(tenant));
    await end("first");

    expect(await settled()).toEqual(["first", "third"]);
    expect(begun).toHaveLength(2);
  });

  test("are not waited for longer than somebody watches a chat that says nothing", async () => {
    const tenant = aTenant();
    const places = createAnswerPlaces(1, 1);
    await places.admit(visitorOf(tenant), aQuestion()).enter(never);

    const waited = await rejection(places.admit(visitorOf(tenant), aQuestion()).enter(never));

    expect(waited).toMatchObject({ code: "OVERLOADED", message: expect.stringContaining("Try again") });
  });

  test("are all back when everybody has left, in whatever order and however often they say so", async () => {
    const tenants = [aTenant(), aTenant(), aTenant()];
    const places = createAnswerPlaces(7);
    const held: AnswerPlace[] = [];
    for (let n = 0; n < 500; n++) {
      const holder = visitorOf(tenants[n % 3] as Holder["tenantId"]);
      const stop = new AbortController();
      try {
        const place = places.admit(holder, aQuestion());
        held.push(place);
        place.enter(stop.signal).catch(() => {});
      } catch {
        // Too many wait.
      }
      if (n % 4 === 0) stop.abort();
      if (n % 3 === 0)
        for (const place of held.splice(n % held.length || 0, 2)) {
          place.leave();
          place.leave();
        }
    }
    for (const place of held) place.leave();

    const tenant = tenants[0] as Holder["tenantId"];
    let begun = 0;
    for (let n = 0; n < 7; n++)
      void places
        .admit(visitorOf(tenant), aQuestion())
        .enter(never)
        .then(() => begun++);
    await settled();
    expect(begun).toBe(7);
  });
});
