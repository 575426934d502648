namespace CertOperator.Acme.Certificates;

/// <summary>A chain, and whether it is the one that was preferred.</summary>
/// <param name="Chain">The certificates.</param>
/// <param name="IsPreferred">False if a preference was stated that no chain of the CA meets.</param>
public sealed record DownloadedChain(AcmeChain Chain, bool IsPreferred);
