using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Ownership;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>An object at rest. Its JSON is never changed again: whoever gives it out makes a copy or encodes it.</summary>
internal sealed record StoredObject(JsonObject Json, FieldOwnership Ownership);
