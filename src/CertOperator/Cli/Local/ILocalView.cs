namespace CertOperator.Cli.Local;

/// <summary>How a local session shows itself.</summary>
internal interface ILocalView
{
    void Show(LocalState state);
}
