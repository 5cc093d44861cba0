/** First argument of a daemon that was started by its own first process; no operator types it. */
export const DETACHED_ARGUMENT = "--detached";
