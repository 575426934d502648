using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace CertOperator.Architecture;

/// <summary>The outermost types that a handle or a signature of an assembly's metadata names.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>
{
    private readonly string _assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);

    public TypeIdentity Of(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? Of(outer)
            : new TypeIdentity(_assembly, metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <summary>The types in a type, or those in a member's signature and the type that declares it.</summary>
    public IEnumerable<TypeIdentity> Resolve(EntityHandle handle) => handle.Kind switch
    {
        _ when handle.IsNil => [],
        HandleKind.TypeDefinition => [Of((TypeDefinitionHandle)handle)],
        HandleKind.TypeReference => [Of((TypeReferenceHandle)handle)],
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        HandleKind.FieldDefinition => Resolve((FieldDefinitionHandle)handle),
        HandleKind.MethodDefinition => Resolve((MethodDefinitionHandle)handle),
        HandleKind.MemberReference => Resolve((MemberReferenceHandle)handle),
        HandleKind.MethodSpecification => Resolve((MethodSpecificationHandle)handle),
        _ => throw new BadImageFormatException($"A handle of kind {handle.Kind} names no type or member."),
    };

    private TypeIdentity Of(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return Of((TypeReferenceHandle)type.ResolutionScope);
        string assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : _assembly;
        return new TypeIdentity(assembly, metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private IEnumerable<TypeIdentity> Resolve(FieldDefinitionHandle handle)
    {
        FieldDefinition field = metadata.GetFieldDefinition(handle);
        return [Of(field.GetDeclaringType()), .. field.DecodeSignature(this, null)];
    }

    private IEnumerable<TypeIdentity> Resolve(MethodDefinitionHandle handle)
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        return [Of(method.GetDeclaringType()), .. InSignature(method.DecodeSignature(this, null))];
    }

    private IEnumerable<TypeIdentity> Resolve(MemberReferenceHandle handle)
    {
        MemberReference member = metadata.GetMemberReference(handle);
        return
        [
            .. Resolve(member.Parent),
            .. member.GetKind() == MemberReferenceKind.Field ? member.DecodeFieldSignature(this, null) : InSignature(member.DecodeMethodSignature(this, null)),
        ];
    }

    private IEnumerable<TypeIdentity> Resolve(MethodSpecificationHandle handle)
    {
        MethodSpecification method = metadata.GetMethodSpecification(handle);
        return [.. Resolve(method.Method), .. method.DecodeSignature(this, null).SelectMany(argument => argument)];
    }

    private static IEnumerable<TypeIdentity> InSignature(MethodSignature<IEnumerable<TypeIdentity>> signature)
        => [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(parameter => parameter)];

    IEnumerable<TypeIdentity> ISZArrayTypeProvider<IEnumerable<TypeIdentity>>.GetSZArrayType(IEnumerable<TypeIdentity> elementType) => elementType;

    IEnumerable<TypeIdentity> IConstructedTypeProvider<IEnumerable<TypeIdentity>>.GetArrayType(IEnumerable<TypeIdentity> elementType, ArrayShape shape) => elementType;

    IEnumerable<TypeIdentity> IConstructedTypeProvider<IEnumerable<TypeIdentity>>.GetByReferenceType(IEnumerable<TypeIdentity> elementType) => elementType;

    IEnumerable<TypeIdentity> IConstructedTypeProvider<IEnumerable<TypeIdentity>>.GetPointerType(IEnumerable<TypeIdentity> elementType) => elementType;

    IEnumerable<TypeIdentity> IConstructedTypeProvider<IEnumerable<TypeIdentity>>.GetGenericInstantiation(
        IEnumerable<TypeIdentity> genericType, ImmutableArray<IEnumerable<TypeIdentity>> typeArguments)
        => [.. genericType, .. typeArguments.SelectMany(argument => argument)];

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetFunctionPointerType(MethodSignature<IEnumerable<TypeIdentity>> signature)
        => InSignature(signature);

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetGenericMethodParameter(object? genericContext, int index) => [];

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetGenericTypeParameter(object? genericContext, int index) => [];

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetModifiedType(
        IEnumerable<TypeIdentity> modifier, IEnumerable<TypeIdentity> unmodifiedType, bool isRequired) => unmodifiedType;

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetPinnedType(IEnumerable<TypeIdentity> elementType) => elementType;

    IEnumerable<TypeIdentity> ISimpleTypeProvider<IEnumerable<TypeIdentity>>.GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    IEnumerable<TypeIdentity> ISimpleTypeProvider<IEnumerable<TypeIdentity>>.GetTypeFromDefinition(
        MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [Of(handle)];

    IEnumerable<TypeIdentity> ISimpleTypeProvider<IEnumerable<TypeIdentity>>.GetTypeFromReference(
        MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [Of(handle)];

    IEnumerable<TypeIdentity> ISignatureTypeProvider<IEnumerable<TypeIdentity>, object?>.GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        => metadata.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
}
