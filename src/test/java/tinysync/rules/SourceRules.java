package tinysync.rules;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Habits of Java sources, judged on the syntax tree of one file at a time; nothing is resolved or compiled. */
final class SourceRules extends TreePathScanner<Void, List<String>> {
    private static final Pattern SHAPELESS = Pattern.compile(".*(Utils?|Manager|Helper)");

    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final String name;

    private SourceRules(CompilationUnitTree unit, DocTrees trees, String name) {
        this.unit = unit;
        this.trees = trees;
        this.name = name;
    }

    /**
     * Each breach in one source file, as {@code name:line: what}.
     *
     * @throws IOException never in practice: the text is in memory
     */
    static List<String> breaches(String name, String text) throws IOException {
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        JavacTask task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            new SourceRules(unit, DocTrees.instance(task), name).scan(unit, found);
        }
        return found;
    }

    @Override
    public Void visitClass(ClassTree type, List<String> found) {
        String typeName = type.getSimpleName().toString();
        if (SHAPELESS.matcher(typeName).matches()) {
            found.add(at(type) + typeName + " is a name for anything: say what it is");
        }
        TreePath path = getCurrentPath();
        boolean topLevel = path.getParentPath().getLeaf() == unit;
        DocCommentTree doc = trees.getDocCommentTree(path);
        if (topLevel && type.getModifiers().getFlags().contains(Modifier.PUBLIC) && doc == null) {
            found.add(at(type) + typeName + " is public and says nothing about itself");
        }
        return super.visitClass(type, found);
    }

    @Override
    public Void visitCatch(CatchTree caught, List<String> found) {
        if (caught.getBlock().getStatements().isEmpty()) {
            found.add(at(caught) + "something caught and swallowed");
        }
        return super.visitCatch(caught, found);
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, List<String> found) {
        if (annotation.getAnnotationType().toString().matches("(.*\\.)?Disabled")) {
            found.add(at(annotation) + "a test that is never run");
        }
        return super.visitAnnotation(annotation, found);
    }

    private String at(Tree tree) {
        long position = trees.getSourcePositions().getStartPosition(unit, tree);
        return name + ":" + unit.getLineMap().getLineNumber(position) + ": ";
    }
}
