using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Issuance;

/// <summary>One step of an order: what it works with, and how far it has come, so that a failure half-way loses nothing.</summary>
internal sealed class OrderRun(AcmeClient client, AcmeAccount account, OrderJob job, AcmeDirectory directory, TimeProvider time)
{
    public AcmeClient Client => client;

    public AcmeAccount Account => account;

    public OrderJob Job => job;

    public AcmeDirectory Directory => directory;

    public DateTimeOffset Now => time.GetUtcNow();

    public StateCheck Check { get; } = new(directory, account, client.AllowHttp);

    /// <summary>Null until there is an order.</summary>
    public OrderState? State { get; set; }

    /// <summary>The same where there is one.</summary>
    public OrderState Known => State ?? throw new InvalidOperationException("There is no order yet.");

    public OrderStep.Failed Fail(AcmeFailure failure) => new(State, failure);

    /// <summary>A failure that no reply of the CA stands for.</summary>
    public OrderStep.Failed Fail(FailureClass gravity, Fault fault, AcmeStage stage, string message)
        => Fail(new AcmeFailure(gravity, fault, stage, PrintableText.Clean(message)) { Url = State?.Order });
}
