package io.penstock.protoc;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** How one generated file writes the names of the types it uses: short where that means the right one. */
final class Imports {
    private final String javaPackage;
    private final DeclaredTypes declared;
    private final Set<String> own;
    private final SortedSet<String> imported = new TreeSet<>();

    /** @param own the simple names of the types the file declares, nested ones included */
    Imports(String javaPackage, DeclaredTypes declared, Set<String> own) {
        this.javaPackage = javaPackage;
        this.declared = declared;
        this.own = own;
    }

    /** What to write for a type of the file's own package, or one nested in such a type, given its full name. */
    String ownName(String qualifiedName) {
        String local = qualifiedName.substring(javaPackage.length() + 1);
        String outermost = local.indexOf('.') < 0 ? local : local.substring(0, local.indexOf('.'));
        return own.contains(outermost) ? qualifiedName : local;
    }

    /** What to write for a type of another package, given its full name. */
    String name(String qualifiedName) {
        String simple = qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
        if (own.contains(simple) || declared.contains(javaPackage + "." + simple)) {
            return qualifiedName;
        }
        if (!qualifiedName.equals("java.lang." + simple)) {
            imported.add(qualifiedName);
        }
        return simple;
    }

    /** The import statements of all that {@link #name} has shortened. */
    @Override
    public String toString() {
        StringBuilder statements = new StringBuilder();
        imported.forEach(name -> statements.append("import ").append(name).append(";\n"));
        return statements.toString();
    }
}
