namespace CertOperator.Acceptance.Images;

/// <summary>One file of a layer.</summary>
/// <param name="Path">Below the root.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Modified">When, as the layer has it.</param>
/// <param name="Sha256">Of its content, in hexadecimal.</param>
internal sealed record LayerFile(string Path, UnixFileMode Mode, DateTimeOffset Modified, string Sha256);
