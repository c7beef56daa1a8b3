/** What the process that hands out the jobs and its workers agree upon. */

/** BullMQ's name of the queue. A job of it is `{ seed, begin, end }`: the choices of a range of ids. */
export const QUEUE = 'choices';

/** Redis' string of all choices: byte i is the choice of id i. */
export const CHOICES = 'all-choices';

/**
 * In milliseconds. A job whose worker has not renewed its lock for lockDuration goes to another worker, at the next check or
 * the one after it. A killed worker is no fault of its job, so a job may lose any number of them.
 */
export const LOCK = { lockDuration: 2000, stalledInterval: 1000, maxStalledCount: 1e9 };
