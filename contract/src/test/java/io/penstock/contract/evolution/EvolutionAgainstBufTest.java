package io.penstock.contract.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.penstock.contract.Contract;
import io.penstock.contract.TestContracts;
import io.penstock.contract.evolution.EvolutionRule.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of drawn pairs of contracts, decided by us and by the real buf. */
class EvolutionAgainstBufTest {
    private static final int PAIRS = 400;
    private static final long SEED = 20_261_120;

    @TempDir
    Path directory;

    @Test
    void decidesDrawnPairsAsBufDoes() throws Exception {
        Random random = new Random(SEED);
        List<FileDescriptorProto> before = new ArrayList<>();
        List<FileDescriptorProto> after = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            int[] genes = RandomContracts.genes(random);
            before.add(RandomContracts.file("c" + i, genes));
            after.add(RandomContracts.file("c" + i, RandomContracts.changed(genes, random)));
        }

        Set<String> ours = new TreeSet<>();
        for (int i = 0; i < PAIRS; i++) {
            String message = "fuzz.c" + i + ".v1.Order";
            Contract earlier = Contract.of(TestContracts.set(before.get(i)), message);
            Contract later = Contract.of(TestContracts.set(after.get(i)), message);
            for (Finding finding : ContractEvolution.check(earlier, later)) {
                if (finding.rule().origin() == Origin.BUF) {
                    ours.add(finding.location().file() + " " + finding.rule());
                }
            }
        }

        Set<String> bufs = new TreeSet<>();
        Buf.breaking(write("before", before), write("after", after))
                .forEach(verdict -> bufs.add(verdict.file() + " " + verdict.rule()));
        assertThat(bufs).as("pairs that break something").hasSizeGreaterThan(PAIRS / 2);
        Set<String> onlyOurs = new TreeSet<>(ours);
        onlyOurs.removeAll(bufs);
        Set<String> onlyBufs = new TreeSet<>(bufs);
        onlyBufs.removeAll(ours);
        assertThat(onlyOurs).isEmpty();
        assertThat(onlyBufs).isEmpty();
    }

    private Path write(String name, List<FileDescriptorProto> files) throws Exception {
        FileDescriptorSet set = TestContracts.set(files.toArray(FileDescriptorProto[]::new));
        List<FileDescriptorProto> dependenciesFirst = new ArrayList<>(set.getFileList());
        Collections.reverse(dependenciesFirst);
        return Files.write(
                directory.resolve(name + ".binpb"),
                FileDescriptorSet.newBuilder()
                        .addAllFile(dependenciesFirst)
                        .build()
                        .toByteArray());
    }
}
