using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace CertOperator.Architecture;

/// <summary>The bodies of methods, ECMA-335 partition III.</summary>
internal static class Instructions
{
    private const int TwoBytes = 0xFE;

    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    /// <summary>The types and members that the instructions of a body name.</summary>
    public static IReadOnlyList<EntityHandle> Tokens(BlobReader body)
    {
        var tokens = new List<EntityHandle>();
        while (body.RemainingBytes > 0)
        {
            int code = body.ReadByte();
            OperandType operand = Operands[code == TwoBytes ? (TwoBytes << 8) | body.ReadByte() : code];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                tokens.Add(MetadataTokens.EntityHandle(body.ReadInt32()));
            else
                Skip(ref body, operand == OperandType.InlineSwitch ? 4 * body.ReadInt32() : Size(operand));
        }

        return tokens;
    }

    private static void Skip(ref BlobReader body, int bytes) => body.Offset += bytes;

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
