package org.fuota.fleet;

/** What has become of boards that a rollout was offered to. */
interface Outcomes {
    /**
     * Adds the condition that it is one of a rollout.
     *
     * @throws org.fuota.error.FuotaException when there is no such outcome
     */
    Where of(Where where, String rollout, String outcome);
}
