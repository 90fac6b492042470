package org.fuota.poll;

/** What a rollout of that name offers. */
public record RolledOut(String rollout, OfferedFile file) {}
