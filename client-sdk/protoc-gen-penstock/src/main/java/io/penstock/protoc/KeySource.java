package io.penstock.protoc;

import java.util.Set;
import java.util.stream.Collectors;

/** The text of the record that is a key of several fields. */
final class KeySource {
    private final Product product;
    private final Imports imports;

    KeySource(Product product, DeclaredTypes declared) {
        this.product = product;
        this.imports = new Imports(product.javaPackage(), declared, Set.of(product.keyName()));
    }

    @Override
    public String toString() {
        Javadoc doc = new Javadoc("")
                .paragraph("A key of {@code " + product.contract().dataset() + "}.");
        for (KeyParameter key : product.keys()) {
            doc.tag("param", key.name() + " " + key.doc());
        }
        if (product.isDeprecated()) {
            doc.tag("deprecated", product.deprecation());
        }
        String components = product.keys().stream()
                .map(key -> (key.type().equals("String") ? imports.name("java.lang.String") : key.type()) + " "
                        + key.name())
                .collect(Collectors.joining(", "));
        String annotations = ClientSource.annotations(product, imports);
        return ClientSource.header(product, imports) + doc + annotations + "public record " + product.keyName() + "("
                + components + ") {}\n";
    }
}
