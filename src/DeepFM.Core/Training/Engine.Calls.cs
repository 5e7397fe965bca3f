namespace DeepFM.Training;

/// <remarks>Who may call when: one thread at a time computes, nobody once it is disposed of or a step has failed.</remarks>
public sealed unsafe partial class Engine
{
    const int Idle = 0, Computing = 1, Broken = 2;

    readonly Lifetime lifetime;
    int use = Idle;
    bool isStepping;                            // stays when a step does not end

    /// <summary>Ends the threads and frees the memory.</summary>
    /// <remarks>
    /// A step or a score that is under way on another thread ends undisturbed, and the memory is freed then; a later call throws
    /// <see cref="ObjectDisposedException"/>. May come twice.
    /// </remarks>
    public void Dispose() => lifetime.End();

    void Free()
    {
        team.Dispose();
        network.Dispose();
        update?.Dispose();
        dense.Dispose();
        table.Dispose();
        state.Dispose();
    }

    // Begins a call that needs the memory.
    Lifetime.Call Enter()
    {
        Lifetime.Call call = lifetime.Enter();
        if (Volatile.Read(ref use) != Broken) { return call; }
        call.Dispose();
        throw new InvalidOperationException("A step of this engine failed or was interrupted half-way, so its parameters are those of no "
            + "step. Build a new engine.");
    }

    // Begins a call that computes.
    Call EnterAlone()
    {
        Lifetime.Call call = Enter();
        if (Interlocked.CompareExchange(ref use, Computing, Idle) == Idle) { return new(this, call); }
        call.Dispose();
        throw new InvalidOperationException("Another thread computes with this engine. An engine belongs to one caller at a time; "
            + "build one for each thread.");
    }

    readonly struct Call(Engine engine, Lifetime.Call call) : IDisposable
    {
        public void Dispose()
        {
            Volatile.Write(ref engine.use, engine.isStepping ? Broken : Idle);
            call.Dispose();
        }
    }
}
