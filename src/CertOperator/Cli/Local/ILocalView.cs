namespace CertOperator.Cli.Local;

/// <summary>How a local session shows itself.</summary>
internal interface ILocalView
{
    /// <summary>The Certificates as they are now.</summary>
    void Show(IReadOnlyList<CertificateRow> rows);

    /// <summary>One sentence about something that is wrong with the input.</summary>
    void Complain(string problem);
}
