using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>How far the CA is with a name.</summary>
/// <param name="Identifier">The name.</param>
/// <param name="State">The CA's word: pending, processing.</param>
/// <param name="Problem">Why it has not succeeded so far, in one printable line; null if the CA says nothing.</param>
public sealed record NameProgress(Identifier Identifier, string State, string? Problem);
