package tinysync.rules;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one compiled class refers to, read from its constant pool.
 *
 * @param name the class's own binary name, {@code tinysync.tree.Item}
 * @param classes binary names of all classes it names, in code, in signatures and in annotations
 * @param members members it uses, as {@code java.time.Instant.now()V} with the descriptor of the parameters only
 */
record ClassReferences(String name, Set<String> classes, Set<String> members) {
    /** A class name as it stands alone in the pool, or inside a descriptor or a generic signature. */
    private static final Pattern NAME_ALONE = Pattern.compile("\\[*L?((?:java|javax|tinysync|org|com)/[\\w/$]+);?");

    private static final Pattern NAME_INSIDE = Pattern.compile("L([\\w/$]+)[;<]");

    static ClassReferences of(byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        Set<String> classes = new TreeSet<>();
        Set<String> members = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case Utf8Entry text -> addNames(text.stringValue(), classes);
                case MemberRefEntry member -> members.add(member(member));
                default -> {} // every other kind is made of these two
            }
        }
        String name = dotted(model.thisClass().asInternalName());
        classes.remove(name);
        return new ClassReferences(name, classes, members);
    }

    String packageName() {
        return packageOf(name);
    }

    static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    private static void addNames(String text, Set<String> names) {
        Matcher alone = NAME_ALONE.matcher(text);
        if (alone.matches()) {
            names.add(dotted(alone.group(1)));
            return;
        }
        Matcher inside = NAME_INSIDE.matcher(text);
        while (inside.find()) {
            names.add(dotted(inside.group(1)));
        }
    }

    private static String member(MemberRefEntry member) {
        String descriptor = member.type().stringValue();
        String parameters = descriptor.substring(0, descriptor.indexOf(')') + 1);
        return dotted(member.owner().asInternalName()) + "." + member.name().stringValue() + parameters;
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
