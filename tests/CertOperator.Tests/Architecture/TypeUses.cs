using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CertOperator.Architecture;

/// <summary>
/// Which type uses which, read from a compiled assembly: bases, fields, signatures, attributes and every instruction of
/// every method. What the compiler leaves no trace of is not seen: constants, <c>nameof</c>, types that only a comment names.
/// </summary>
internal sealed class TypeUses
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;

    private TypeUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _names = new TypeNames(_metadata);
    }

    public static IReadOnlyList<TypeUse> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = new TypeUses(file);
        return
        [
            .. reader._metadata.TypeDefinitions
                .SelectMany(type => reader.UsedBy(type).Select(used => new TypeUse(reader._names.Of(type), used)))
                .Where(use => use.User != use.Used)
                .Distinct(),
        ];
    }

    private IEnumerable<TypeIdentity> UsedBy(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        return
        [
            .. _names.Resolve(type.BaseType),
            .. type.GetInterfaceImplementations().SelectMany(one => _names.Resolve(_metadata.GetInterfaceImplementation(one).Interface)),
            .. Constraints(type.GetGenericParameters()),
            .. Attributes(type.GetCustomAttributes()),
            .. type.GetFields().SelectMany(UsedBy),
            .. type.GetMethods().SelectMany(UsedBy),
        ];
    }

    private IEnumerable<TypeIdentity> UsedBy(FieldDefinitionHandle handle)
        => [.. _names.Resolve(handle), .. Attributes(_metadata.GetFieldDefinition(handle).GetCustomAttributes())];

    private IEnumerable<TypeIdentity> UsedBy(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        IEnumerable<TypeIdentity> head =
            [.. _names.Resolve(handle), .. Constraints(method.GetGenericParameters()), .. Attributes(method.GetCustomAttributes())];
        if (method.RelativeVirtualAddress == 0)
            return head;

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        return
        [
            .. head,
            .. body.LocalSignature.IsNil ? [] : _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(local => local),
            .. body.ExceptionRegions.SelectMany(region => _names.Resolve(region.CatchType)),
            .. Instructions.Tokens(body.GetILReader()).SelectMany(_names.Resolve),
        ];
    }

    private IEnumerable<TypeIdentity> Constraints(GenericParameterHandleCollection parameters)
        => parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints())
            .SelectMany(constraint => _names.Resolve(_metadata.GetGenericParameterConstraint(constraint).Type));

    private IEnumerable<TypeIdentity> Attributes(CustomAttributeHandleCollection attributes)
        => attributes.SelectMany(attribute => _names.Resolve(_metadata.GetCustomAttribute(attribute).Constructor));
}
