/** What is written while only the reserve of the disk is left: what lets people in, takes something away or tells of it. */
import { storageError } from "../../../domain/storage.ts";
import { AppError } from "../../../errors.ts";
import { type Failure, toFailure } from "../../../workers/channel.ts";
import type { Reserve } from "../../reserve.ts";
import { type Call, mayUseReserve } from "../calls.ts";
import type { GroupCommit, Outcome } from "./group-commit.ts";

/** Commits what may be written, and tries again with the reserve what found no room and may have it. */
export function sparingCommit(commit: GroupCommit, reserve: Reserve): GroupCommit {
  const withReserve: GroupCommit = (calls) => {
    const outcomes = commit(calls);
    const hungry = calls.filter((call, place) => mayUseReserve(call) && foundNoRoom(outcomes[place]));
    if (hungry.length === 0 || !reserve.release()) return outcomes;
    const again = commit(hungry);
    return outcomes.map((outcome, place) => again[hungry.indexOf(calls[place] as Call)] ?? outcome);
  };

  return (calls) => {
    const sparing = calls.filter(mayUseReserve);
    if (sparing.length === calls.length || reserve.isHeld()) return withReserve(calls);
    const outcomes = sparing.length > 0 ? withReserve(sparing) : [];
    const refused: Outcome = { failure: noRoom() };
    return calls.map((call) => outcomes[sparing.indexOf(call)] ?? refused);
  };
}

/** The same for long work, which may be begun anew. @throws STORAGE_FULL */
export async function sparingWork<Result>(
  call: Call,
  reserve: Reserve,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!mayUseReserve(call) && !reserve.isHeld()) throw storageError("full", "Only the reserve is left.");
  try {
    return await work();
  } catch (thrown) {
    const isFull = thrown instanceof AppError && thrown.code === "STORAGE_FULL";
    if (!isFull || !mayUseReserve(call) || !reserve.release()) throw thrown;
    return await work();
  }
}

function noRoom(): Failure {
  return toFailure(storageError("full", "Only the reserve is left."));
}

function foundNoRoom(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && "failure" in outcome && outcome.failure.code === "STORAGE_FULL";
}
