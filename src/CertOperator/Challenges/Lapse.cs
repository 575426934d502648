namespace CertOperator.Challenges;

/// <summary>A record that validates for as long as it stands says itself when it ends.</summary>
/// <param name="Record">Its name.</param>
/// <param name="At">Its end.</param>
internal sealed record Lapse(string Record, DateTimeOffset At);
