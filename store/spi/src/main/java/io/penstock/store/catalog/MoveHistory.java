package io.penstock.store.catalog;

import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Move;

/**
 * How a dataset's entry relates to a move a server has made earlier. It is what tells a catalog that has gone on from one
 * whose history contradicts what was seen: a failover lost moves, or the store was replaced.
 */
public enum MoveHistory {
    /** The server's move is the entry's newest. */
    CURRENT,
    /** The entry's newest move came after the server's, which it still lists, or is too old to be listed. */
    BEHIND,
    /** The entry does not know a move that the server made: the histories parted. */
    FORKED;

    /**
     * Compares a server's last move with an entry that was read strongly.
     *
     * @param revision the revision the server adopted; 0 = nothing yet
     * @param generation the generation it adopted at that revision
     */
    public static MoveHistory of(DatasetEntry entry, long revision, long generation) {
        if (revision > entry.getRevision()) {
            return FORKED;
        }
        if (revision == entry.getRevision()) {
            return generation == entry.getCurrent() ? CURRENT : FORKED;
        }
        if (revision == 0
                || entry.getMovesCount() == 0
                || revision < entry.getMoves(0).getRevision()) {
            return BEHIND;
        }
        for (Move move : entry.getMovesList()) {
            if (move.getRevision() == revision) {
                return move.getGeneration() == generation ? BEHIND : FORKED;
            }
        }
        return FORKED;
    }
}
