import type { Outbox } from "../../deps.ts";
import type { ConversationEvent } from "../../domain/conversation-event.ts";
import type { Job } from "../../domain/job.ts";

/**
 * The work that somebody makes of an event. Decided at once and from the event alone: the job itself looks up who
 * wants to know, when it runs.
 */
export type ConversationListener = (event: ConversationEvent) => Job[];

export function createOutbox(listeners: readonly ConversationListener[], wakeQueue: () => void): Outbox {
  return {
    async announce(events, write) {
      const jobs = events.flatMap((event) => listeners.flatMap((listener) => listener(event)));
      const written = await write(jobs);
      if (jobs.length > 0) wakeQueue();
      return written;
    },
  };
}
