using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Client;

/// <summary>An API object as this operator sees it: only the fields in use.</summary>
public interface IKubeObject
{
    /// <summary>As <see cref="ResourceType.ApiVersion"/>.</summary>
    string ApiVersion { get; }

    /// <summary>As <see cref="ResourceType.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Identity, versions, labels, owners.</summary>
    ObjectMeta Metadata { get; }
}

/// <summary>A kind of API object: what the client needs to know to read and write it without reflection.</summary>
public interface IKubeObject<TSelf> : IKubeObject
    where TSelf : class, IKubeObject<TSelf>
{
    /// <summary>Where the API server keeps objects of this kind.</summary>
    static abstract ResourceType Type { get; }

    /// <summary>Source-generated JSON metadata; it must leave out nulls and write camelCase.</summary>
    static abstract JsonTypeInfo<TSelf> Json { get; }
}

/// <summary>
/// Marks a kind whose record holds every field of the stored object, so that it may be replaced (PUT) without losing
/// anything. Foreign kinds are partial records: they are only ever applied or patched.
/// </summary>
public interface IReplaceable;
