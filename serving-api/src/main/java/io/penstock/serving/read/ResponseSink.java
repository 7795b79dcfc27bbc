package io.penstock.serving.read;

/** Where the answer to one call goes. Called on the loop of its {@link ReadPath}; must neither block nor throw. */
public interface ResponseSink {
    /**
     * The call succeeded.
     *
     * @param response valid only during this call: it is the loop's own and serves the next call
     */
    void success(EncodedResponse response);

    /** The call failed. */
    void failure(Failure failure);
}
