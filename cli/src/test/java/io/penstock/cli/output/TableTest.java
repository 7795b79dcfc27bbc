package io.penstock.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsAndLeavesNoBlanksAtLineEnds() {
        Table table = new Table("VERSION", "STATE", "BY");
        table.add("1", "rolled back", "ana");
        table.add("22", "current", "");

        assertThat(table.toString()).isEqualTo("""
                        VERSION  STATE        BY
                        1        rolled back  ana
                        22       current
                        """);
    }
}
