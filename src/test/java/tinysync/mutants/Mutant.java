package tinysync.mutants;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.LineNumber;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One small change to one class.
 *
 * @param className binary name
 * @param place which of the class's instructions that can be broken, counted over the class from 0
 * @param line in the source file; 0 when unknown
 * @param change what is done there, for a person
 */
record Mutant(String className, int place, int line, String change) {
    private static final ClassFile CLASS_FILE =
            ClassFile.of(
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(Mutant.class.getClassLoader())
                                    .orElse(ClassHierarchyResolver.defaultResolver())));

    /** Every mutant of a class, in the order of its code. */
    static List<Mutant> of(byte[] bytes) {
        ClassModel model = CLASS_FILE.parse(bytes);
        String name = model.thisClass().asInternalName().replace('/', '.');
        List<Mutant> mutants = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            if (!written(model).test(method)) {
                continue;
            }
            int line = 0;
            for (var element : method.code().orElseThrow()) {
                if (element instanceof LineNumber number) {
                    line = number.line();
                }
                var change = Change.of(element, method.methodTypeSymbol());
                if (change.isPresent()) {
                    mutants.add(new Mutant(name, mutants.size(), line, change.get().name()));
                }
            }
        }
        return mutants;
    }

    /** The class with this change made. */
    byte[] apply(byte[] bytes) {
        ClassModel model = CLASS_FILE.parse(bytes);
        int[] seen = {0};
        return CLASS_FILE.transformClass(
                model,
                (builder, element) -> {
                    if (element instanceof MethodModel method && written(model).test(method)) {
                        builder.transformMethod(method, MethodTransform.transformingCode(breaking(method, seen)));
                    } else {
                        builder.with(element);
                    }
                });
    }

    private CodeTransform breaking(MethodModel method, int[] seen) {
        return (code, instruction) -> {
            var found = Change.of(instruction, method.methodTypeSymbol());
            if (found.isPresent() && seen[0]++ == place) {
                found.get().write().accept(code);
            } else {
                code.with(instruction);
            }
        };
    }

    /** Methods that a person wrote: not those that the compiler makes for enums, bridges and records. */
    private static Predicate<MethodModel> written(ClassModel model) {
        boolean isEnum = model.flags().has(AccessFlag.ENUM);
        return method -> {
            String name = method.methodName().stringValue();
            boolean made =
                    method.flags().has(AccessFlag.SYNTHETIC) && !name.startsWith("lambda$")
                            || name.startsWith("$")
                            || isEnum && (name.equals("values") || name.equals("valueOf"))
                            || name.equals("toString");
            return method.code().isPresent() && !made;
        };
    }

    @Override
    public String toString() {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        return simple + ":" + line + " " + change;
    }
}
