package tinysync.mutants;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What can be done to one instruction.
 *
 * @param name for a person
 * @param write writes what stands there instead
 */
record Change(String name, Consumer<CodeBuilder> write) {
    private static final Map<Opcode, Opcode> INVERSE =
            Map.ofEntries(
                    Map.entry(Opcode.IFEQ, Opcode.IFNE),
                    Map.entry(Opcode.IFNE, Opcode.IFEQ),
                    Map.entry(Opcode.IFLT, Opcode.IFGE),
                    Map.entry(Opcode.IFGE, Opcode.IFLT),
                    Map.entry(Opcode.IFGT, Opcode.IFLE),
                    Map.entry(Opcode.IFLE, Opcode.IFGT),
                    Map.entry(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE),
                    Map.entry(Opcode.IF_ICMPNE, Opcode.IF_ICMPEQ),
                    Map.entry(Opcode.IF_ICMPLT, Opcode.IF_ICMPGE),
                    Map.entry(Opcode.IF_ICMPGE, Opcode.IF_ICMPLT),
                    Map.entry(Opcode.IF_ICMPGT, Opcode.IF_ICMPLE),
                    Map.entry(Opcode.IF_ICMPLE, Opcode.IF_ICMPGT),
                    Map.entry(Opcode.IF_ACMPEQ, Opcode.IF_ACMPNE),
                    Map.entry(Opcode.IF_ACMPNE, Opcode.IF_ACMPEQ),
                    Map.entry(Opcode.IFNULL, Opcode.IFNONNULL),
                    Map.entry(Opcode.IFNONNULL, Opcode.IFNULL));
    private static final Map<Opcode, Opcode> OTHER_OPERATOR =
            Map.of(
                    Opcode.IADD, Opcode.ISUB,
                    Opcode.ISUB, Opcode.IADD,
                    Opcode.LADD, Opcode.LSUB,
                    Opcode.LSUB, Opcode.LADD,
                    Opcode.IMUL, Opcode.IADD,
                    Opcode.LMUL, Opcode.LADD);

    /** Interfaces whose static factory without arguments gives an empty one. */
    private static final Map<ClassDesc, String> EMPTY =
            Map.of(
                    ConstantDescs.CD_List,
                    "of",
                    ConstantDescs.CD_Set,
                    "of",
                    ConstantDescs.CD_Map,
                    "of",
                    ClassDesc.of("java.util.Optional"),
                    "empty");

    private static final Set<ClassDesc> FLAGS = Set.of(ConstantDescs.CD_boolean);

    /** What can be done to an element of a method's code; most cannot be broken in a way that tells something. */
    static Optional<Change> of(CodeElement element, MethodTypeDesc method) {
        return switch (element) {
            case BranchInstruction branch when INVERSE.containsKey(branch.opcode()) ->
                    change("condition inverted", code -> code.branch(INVERSE.get(branch.opcode()), branch.target()));
            case OperatorInstruction operator when OTHER_OPERATOR.containsKey(operator.opcode()) ->
                    change(
                            "operator exchanged",
                            code -> code.with(OperatorInstruction.of(OTHER_OPERATOR.get(operator.opcode()))));
            case InvokeInstruction call
                    when call.typeSymbol().returnType().equals(ConstantDescs.CD_void)
                            && !call.name().equalsString(ConstantDescs.INIT_NAME) ->
                    change("call of " + call.name().stringValue() + " left out", code -> drop(code, call));
            case ReturnInstruction returning when FLAGS.contains(method.returnType()) ->
                    change("returned flag inverted", code -> code.iconst_1().ixor().with(returning));
            case ReturnInstruction returning when EMPTY.containsKey(method.returnType()) ->
                    change("nothing returned", code -> empty(code, method.returnType(), returning));
            default -> Optional.empty();
        };
    }

    private static Optional<Change> change(String name, Consumer<CodeBuilder> write) {
        return Optional.of(new Change(name, write));
    }

    private static void drop(CodeBuilder code, InvokeInstruction call) {
        var arguments = call.typeSymbol().parameterList().reversed();
        for (ClassDesc argument : arguments) {
            if (TypeKind.from(argument).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
    }

    private static void empty(CodeBuilder code, ClassDesc type, ReturnInstruction returning) {
        boolean isInterface = !type.equals(ClassDesc.of("java.util.Optional"));
        code.pop();
        code.invokestatic(type, EMPTY.get(type), MethodTypeDesc.of(type), isInterface);
        code.with(returning);
    }
}
