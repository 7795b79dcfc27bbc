package io.penstock.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates; the JDK makes them, PEM is only their bytes in another dress. */
final class Certificates {
    private Certificates() {}

    /** Writes {@code <name>.crt} and {@code <name>.key}. */
    static void write(Path directory, String name, String subjectAlternativeNames) throws Exception {
        Path keyStore = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-alias", "own", "-dname", "CN=" + name));
        command.addAll(List.of("-ext", "san=" + subjectAlternativeNames, "-validity", "1"));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storetype", "PKCS12", "-storepass", "changeit"));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), "changeit".toCharArray());
        Files.writeString(
                directory.resolve(name + ".crt"),
                pem("CERTIFICATE", store.getCertificate("own").getEncoded()));
        Files.writeString(
                directory.resolve(name + ".key"),
                pem("PRIVATE KEY", store.getKey("own", "changeit".toCharArray()).getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }
}
