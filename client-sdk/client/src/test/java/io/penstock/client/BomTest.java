package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The BOM has no parent, so nothing but this keeps it in step. */
class BomTest {
    private static final Path BOM = Path.of("../bom/pom.xml");
    private static final Path PARENT = Path.of("../pom.xml");

    @Test
    void hasTheVersionOfWhatItLists() throws Exception {
        assertThat(texts(BOM, "version").get(0))
                .isEqualTo(texts(PARENT, "version").get(0));
        assertThat(texts(BOM, "version").subList(1, texts(BOM, "version").size()))
                .containsOnly("${project.version}");
    }

    @Test
    void hasNoParentWhoseVersionsItWouldHandOn() throws Exception {
        assertThat(texts(BOM, "parent")).isEmpty();
    }

    @Test
    void listsWhatAServiceUses() throws Exception {
        assertThat(texts(BOM, "artifactId"))
                .containsExactly(
                        "penstock-bom",
                        "penstock-client",
                        "penstock-contract",
                        "penstock-proto",
                        "protoc-gen-penstock",
                        "penstock-testkit");
    }

    private static List<String> texts(Path pom, String element) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        NodeList nodes = document.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
