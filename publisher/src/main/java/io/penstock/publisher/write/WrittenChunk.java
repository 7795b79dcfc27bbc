package io.penstock.publisher.write;

/**
 * A chunk this publication wrote, as it was in memory: what a read-back is compared with.
 *
 * @param tableDigest digest of the chunk's body
 * @param digestsDigest digest of the digest chunk's body
 */
public record WrittenChunk(int chunk, long tableDigest, long digestsDigest) {}
